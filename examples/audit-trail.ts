import { AuditTrail, Key, LogArchive } from "../components/index";

const key = new Key("account", { services: ["cloudtrail"], keep: true });
const logArchive = new LogArchive("logs", { retentionDays: 365, keep: true });
const audit = new AuditTrail("audit", { keyArn: key.arn, retentionDays: 365, logArchive, keep: true });

export const auditBucket = audit.bucketName;
