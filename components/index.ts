// The whole surface of the package: everything else in these folders is internal.
export * from "./certificate/certificate";
export * from "./cluster/cluster";
export * from "./edge/edge";
export * from "./image-repository/image-repository";
export * from "./key/key";
export * from "./load-balancer/load-balancer";
export * from "./log-archive/log-archive";
export * from "./network/network";
export * from "./notifications/notifications";
export type { Access, SecretReference } from "./shared/access";
export type { LogRetentionDays } from "./shared/log-retention";
export type { Override } from "./shared/override";
export type { ClusterPlacement, ListenerPlacement, LogDestination, NetworkPlacement } from "./shared/placement";
export * from "./web-service/web-service";
