import { AuthPool } from "../components/auth-pool/auth-pool";
import { Key } from "../components/index";

const key = new Key("key", { services: [], keep: true });
const users = new AuthPool("users", {
  keep: true,
  keyArn: key.arn,
  domain: { name: "auth.example.com", zoneId: "Z0123456789EXAMPLE" },
  clients: {
    site: { preset: "spa", callbackUrls: ["https://example.com/signed-in"], logoutUrls: ["https://example.com/"] },
    batch: { preset: "machine", scopes: ["orders/read"] },
  },
  attributes: { plan: { type: "string", minLength: 0, maxLength: 32 } },
  resourceServers: { orders: { scopes: { read: "Read orders" } } },
  groups: { admins: { description: "Run the shop" } },
});

export const loginUrl = users.loginUrl;
export const issuer = users.jwt.issuer;
// Commit what this shows, and give it back as `recorded`.
export const record = users.record;
