import { Key } from "../components/key/key";
import { StaticSite } from "../components/static-site/static-site";

// CloudFront reads the files with the key, so the key's services name it.
const key = new Key("key", { services: ["logs", "cloudwatch", "cloudfront"], keep: true });

const site = new StaticSite("www", {
  mode: "static",
  indexDocument: "index.html",
  immutablePaths: ["/_astro/*"],
  domain: { name: "www.example.com", zoneId: "Z0123456789EXAMPLE" },
  // Optional: some paths go to services. Their load balancer covers the site's name with its certificate.
  api: {
    origin: {
      loadBalancerArn: "arn:aws:elasticloadbalancing:ap-northeast-1:111111111111:loadbalancer/app/web/0123456789abcdef",
      domainName: "origin.www.example.com",
      https: true,
      port: 443,
      internal: true,
      certificateNames: ["www.example.com", "origin.www.example.com"],
    },
  },
  keyArn: key.arn,
  logArchive: { bucketName: "example-logs", bucketArn: "arn:aws:s3:::example-logs" },
  alarmTopicArn: "arn:aws:sns:us-east-1:111111111111:edge-alarms",
  keep: true,
});

export const url = site.url;
// What the release script finds in its environment.
export const release = site.deploy.env;
