/** The writing thread where nothing is built yet (tests, `npm run dev`): the source itself. */
import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";

register({ tsconfig: fileURLToPath(new URL("../../tsconfig.json", import.meta.url)) });
await import("./writing.thread.ts");
