import Module from "node:module";

/**
 * Puts off what the Pulumi SDK loads npm's dependency resolver for, by being imported before the SDK. The SDK asks it which
 * packages a serialised function needs, as callback Lambdas and dynamic providers have them; there are none here, and
 * loading it takes about a third of a second in the program and again in the policy pack. Whoever does use it still gets it.
 */
function loadWhenUsed(request: string, from: string): void {
  let path: string;
  try {
    path = require.resolve(request, { paths: [require.resolve(from)] });
  } catch {
    // An SDK that no longer needs it.
    return;
  }
  if (require.cache[path] !== undefined) return;
  const use = (): object => {
    if (require.cache[path] === lazy) Reflect.deleteProperty(require.cache, path);
    return lazy.require(path) as object;
  };
  // `__esModule` keeps compiled imports from copying every property, which would be its use.
  const exports = new Proxy(
    {},
    { get: (_, key) => (key === "__esModule" ? true : (Reflect.get(use(), key) as unknown)) },
  );
  const lazy = Object.assign(new Module(path), { filename: path, loaded: true, exports });
  require.cache[path] = lazy;
}

loadWhenUsed("@npmcli/arborist", "@pulumi/pulumi");
