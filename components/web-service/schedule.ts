export * from "../task/schedule";
