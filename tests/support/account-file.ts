/** How a table of accounts is read whose parents stand in the same file. */
export const accountMapping = {
  key: "file",
  recordType: "account",
  source: "file",
  keyField: "external_id",
  columns: [
    { column: "Id", field: "external_id" },
    { column: "Company", field: "name" },
    { column: "Parent", field: "parent_account_id", lookup: { type: "account", by: "external_id", sameFile: true } },
  ],
  mayBeMissing: [{ field: "owner_id" }],
};
