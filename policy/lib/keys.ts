import type { Value } from "./value";

/** Known to be no customer-managed key: not set, or the alias of a key that AWS manages for a service. */
export function lacksCustomerKey(key: Value): boolean {
  return key.isEmpty() || /(^|:)alias\/aws\//.test(key.text ?? "");
}
