import { LogArchive } from "../components/index";

const logs = new LogArchive("logs", { retentionDays: 400, keep: true });

export const logBucket = logs.bucketName;
