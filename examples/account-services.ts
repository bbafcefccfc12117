import { AccountServices, Key } from "../components/index";

const key = new Key("account", { services: ["logs"], keep: true });
const services = new AccountServices("services", {
  keep: true,
  invocationLog: { keyArn: key.arn, retentionDays: 90 },
  quickSight: { accountName: "example-shop", notificationEmail: "data@example.com" },
  lakeFormation: { adminArns: ["arn:aws:iam::111111111111:role/kiban-deploy"] },
});

export const invocationLog = services.invocationLogName;
