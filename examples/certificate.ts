import { Certificate } from "../components/certificate/certificate";

const certificate = new Certificate("login", {
  names: ["login.example.com"],
  zoneId: "Z0123456789EXAMPLE",
  region: "us-east-1",
});

export const certificateArn = certificate.arn;
