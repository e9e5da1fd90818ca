/**
 * How Node runs a server. New objects get room for 64 MB before they are gone through: with the usual 16 what a batch of commands
 * is made of is copied twice before it is written and forgotten, and a tenth to a quarter of a step's time goes into that.
 */
export const memoryFlag = "--max-semi-space-size=64";
export const serverFlags = ["--enable-source-maps", memoryFlag];
