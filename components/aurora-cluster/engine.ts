import * as aws from "@pulumi/aws";

import type { LogType } from "./types";

/** What differs between the engines. */
export interface EngineFacts {
  /** AWS's name of the engine. */
  readonly type: aws.rds.EngineType;
  readonly port: number;
  readonly proxyFamily: "POSTGRESQL" | "MYSQL";
  /** The parameter that refuses connections without TLS. */
  readonly tls: { readonly name: string; readonly value: string };
  /** Logs that the engine can export. AWS: API reference, CreateDBCluster, `EnableCloudwatchLogsExports`. */
  readonly logs: readonly LogType[];
  readonly defaultLogs: readonly LogType[];
  /** Parameters without which a log stays empty. */
  readonly logParameters: Readonly<Partial<Record<LogType, Readonly<Record<string, string>>>>>;
  /** Most characters of a user's name. */
  readonly userLength: number;
  readonly versions: string;
  readonly versionExample: string;
  /** Family of the parameter groups of a version, undefined for one that this component cannot run. */
  readonly family: (version: string) => string | undefined;
  /** Whether a parameter with that value makes the database a source of replication, which keeps it from pausing. */
  readonly replicates: (parameter: string, value: string) => boolean;
}

export type Engine = "postgresql" | "mysql";

/** The user that a new cluster begins with; a restored one keeps its source's. RDS: letters and digits, at most 16. */
export const masterUsername = "kibanadmin";

/**
 * The first minor version of each major version that has the Data API and can pause at 0 ACU. AWS: Aurora user guide,
 * "Supported Regions and Aurora DB engines for RDS Data API" and "Aurora Serverless v2 capacity".
 */
const firstMinor: Readonly<Record<number, number>> = { 15: 7, 16: 3, 17: 4 };

/** Likewise, of Aurora MySQL version 3. */
const firstMysqlMinor = 8;

export const engines: Readonly<Record<Engine, EngineFacts>> = {
  postgresql: {
    type: aws.rds.EngineType.AuroraPostgresql,
    port: 5432,
    proxyFamily: "POSTGRESQL",
    tls: { name: "rds.force_ssl", value: "1" },
    logs: ["postgresql", "iam-db-auth-error", "instance"],
    defaultLogs: ["postgresql", "iam-db-auth-error"],
    logParameters: {},
    userLength: 63,
    versions: "a full version of at least 15.7, 16.3, 17.4 or 18",
    versionExample: "17.7",
    family: (version) => {
      const [, major, minor] = /^(\d{2})\.(\d{1,2})$/.exec(version) ?? [];
      if (major === undefined || Number(major) < 15) return undefined;
      return Number(minor) >= (firstMinor[Number(major)] ?? 0) ? `aurora-postgresql${major}` : undefined;
    },
    replicates: (parameter, value) => parameter === "rds.logical_replication" && value !== "0",
  },
  mysql: {
    type: aws.rds.EngineType.AuroraMysql,
    port: 3306,
    proxyFamily: "MYSQL",
    tls: { name: "require_secure_transport", value: "ON" },
    logs: ["audit", "error", "general", "slowquery", "iam-db-auth-error", "instance"],
    defaultLogs: ["audit", "error", "slowquery", "iam-db-auth-error"],
    logParameters: {
      audit: { server_audit_logging: "1", server_audit_events: "CONNECT,QUERY_DCL,QUERY_DDL" },
      general: { general_log: "1" },
      slowquery: { slow_query_log: "1" },
    },
    userLength: 32,
    versions: "a full version of at least 8.0.mysql_aurora.3.08.0",
    versionExample: "8.0.mysql_aurora.3.10.0",
    family: (version) => {
      const [, minor] = /^8\.0\.mysql_aurora\.3\.(\d{2})\.\d+$/.exec(version) ?? [];
      return minor !== undefined && Number(minor) >= firstMysqlMinor ? "aurora-mysql8.0" : undefined;
    },
    replicates: (parameter, value) => parameter === "binlog_format" && value !== "OFF",
  },
};
