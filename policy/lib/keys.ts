import type { Value } from "./value";

/** Known to be no customer-managed key: not set, or the alias of a key that AWS manages for a service. */
export function lacksCustomerKey(key: Value): boolean {
  return key.isEmpty() || isAwsKey(key);
}

/** Known to be the alias of a key that AWS manages for a service. */
export function isAwsKey(key: Value): boolean {
  return /(^|:)alias\/aws\//.test(key.text ?? "");
}
