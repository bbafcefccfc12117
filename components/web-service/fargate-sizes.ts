export * from "../task/fargate-sizes";
