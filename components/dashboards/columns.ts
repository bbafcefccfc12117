/** Types that QuickSight reads columns as. AWS: QuickSight API reference, InputColumn. */
export type ColumnType = "STRING" | "INTEGER" | "DECIMAL" | "DATETIME" | "BOOLEAN";

const types: readonly (readonly [ColumnType, RegExp])[] = [
  ["STRING", /^(string|text|uuid|(var)?char|character( varying)?|enum)$/],
  ["INTEGER", /^(tiny|small|medium|big)?int(eger)?$/],
  ["DECIMAL", /^(decimal|numeric|real|float[48]?|double( precision)?)$/],
  ["DATETIME", /^(date|datetime|timestamp(tz)?( with(out)? time zone)?)$/],
  ["BOOLEAN", /^bool(ean)?$/],
];

/** What QuickSight reads a column of this SQL type as; undefined for lists, structures and the like. */
export function columnType(sqlType: string): ColumnType | undefined {
  const bare = sqlType
    .toLowerCase()
    .replace(/\(\s*\d+\s*(,\s*\d+\s*)?\)/, "")
    .trim();
  return types.find(([, pattern]) => pattern.test(bare))?.[0];
}
