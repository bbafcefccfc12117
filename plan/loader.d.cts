/** Makes `require` take .ts files. */
export function register(): void;
/** ts-node's interface for a transpiler of one's own. */
export function create(): {
  transpile(source: string, options: { fileName: string }): { outputText: string; sourceMapText: string };
};
/** The source map of a file that this loader ran, as text; undefined for any other file. */
export function mapOf(file: string): string | undefined;
/** Fills the cache with every file that a plan of this project may run. */
export function warm(directory?: string): void;
