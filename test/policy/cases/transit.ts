import { types } from "../../../policy/lib/types";
import { auroraForceSsl } from "../../../policy/rules/aurora";
import { rdsProxyTls } from "../../../policy/rules/database";
import { albHttps, cfMinTls, cfOriginTls } from "../../../policy/rules/edge";
import {
  albHardening,
  albTlsPolicy,
  cfSecurityHeaders,
  cfViewerHttps,
  ecsEfsTls,
  imdsv2,
  s3SslOnly,
  sqsSnsSsl,
} from "../../../policy/rules/transit";
import {
  EMPTIED,
  type Break,
  type Case,
  type Proof,
  atMostOrUnset,
  given,
  isTrue,
  one,
  oneOf,
  oneOfOrUnset,
  proof,
  values,
} from "../proof";

const certificate = "arn:aws:acm:ap-northeast-1:111111111111:certificate/1";
const redirect = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };

/** A statement that refuses plain HTTP, and what takes its force away. */
const refusal = (actions: string, resource: unknown) => ({
  Effect: "Deny",
  Principal: "*",
  Action: actions,
  Resource: resource,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
const policyBreaks = (on: string): Break[] => {
  const where = { on, at: "policy" };
  const inside = "policy>Statement[0]";
  return [
    values("policy", [undefined, EMPTIED], [], where),
    oneOf(`${inside}.Effect`, ["Deny"], ["Allow"], where),
    values(`${inside}.Principal`, [undefined, { AWS: "arn:aws:iam::111111111111:root" }], ["*", { AWS: "*" }], where),
    values(`${inside}.Action`, [undefined, "other:Get"], ["*"], where),
    values(`${inside}.Condition`, [undefined, {}, { Bool: { "aws:SecureTransport": "true" } }], [], where),
    values("policy>Statement", [undefined], [], where),
  ];
};
const policyOf = (
  target: string,
  type: readonly string[],
  property: string,
  policyType: readonly string[],
  text: string,
): Case => ({
  resources: {
    [target]: { type, inputs: {} },
    rules: {
      type: policyType,
      inputs: { policy: text },
      links: { [property]: target },
      needed: { on: target, at: "policy" },
      breaks: policyBreaks(target),
    },
  },
});
const text = (action: string, resource: unknown = "*") => JSON.stringify({ Statement: [refusal(action, resource)] });
const contents = ["arn:aws:s3:::data", "arn:aws:s3:::data/*"];

export const inTransit: readonly Proof[] = [
  proof(
    albHttps,
    one(types.listener, { protocol: "HTTPS", certificateArn: certificate }, [
      given("certificateArn", { needs: ["protocol"] }),
      values("protocol", [undefined, EMPTIED, "HTTP"]),
    ]),
    one(types.listener, { protocol: "HTTP", defaultActions: [redirect] }, [
      values("defaultActions[0].redirect.protocol", ["HTTP", "#{protocol}", undefined], [], { at: "protocol" }),
      values("defaultActions[0].redirect", [undefined], [], { at: "protocol" }),
      values("defaultActions[0].redirect.statusCode", [], ["HTTP_302"], {
        unread: { "defaultActions[0].redirect.statusCode": false },
      }),
      values("defaultActions[0].type", ["forward", "fixed-response", undefined], [], { at: "protocol" }),
      values("defaultActions", [undefined, EMPTIED, [redirect, { type: "forward" }]], [], { at: "protocol" }),
    ]),
  ),
  proof(
    albTlsPolicy,
    one(types.listener, { protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }, [
      oneOf(
        "sslPolicy",
        [
          "ELBSecurityPolicy-TLS13-1-3-2021-06",
          "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
          "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
          "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        ],
        [
          "ELBSecurityPolicy-2016-08",
          "ELBSecurityPolicy-TLS-1-0-2015-04",
          "ELBSecurityPolicy-TLS-1-2-2017-01",
          "ELBSecurityPolicy-FS-1-2-Res-2020-10",
          "ELBSecurityPolicy-TLS13-1-0-2021-06",
          "ELBSecurityPolicy-TLS13-1-1-2021-06",
          "ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06",
          "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06",
        ],
        { needs: ["protocol"] },
      ),
    ]),
  ),
  proof(
    albHardening,
    one(types.loadBalancer, { dropInvalidHeaderFields: true, desyncMitigationMode: "defensive" }, [
      isTrue("dropInvalidHeaderFields"),
      oneOfOrUnset("desyncMitigationMode", ["defensive", "strictest"], ["monitor"]),
    ]),
  ),
  proof(
    cfViewerHttps,
    one(
      types.distribution,
      {
        defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https" },
        orderedCacheBehaviors: [{ viewerProtocolPolicy: "https-only" }],
      },
      ["defaultCacheBehavior", "orderedCacheBehaviors[0]"].map((at) =>
        oneOf(`${at}.viewerProtocolPolicy`, ["redirect-to-https", "https-only"], ["allow-all"]),
      ),
    ),
  ),
  proof(
    cfMinTls,
    one(
      types.distribution,
      {
        viewerCertificate: {
          acmCertificateArn: certificate,
          minimumProtocolVersion: "TLSv1.2_2021",
          sslSupportMethod: "sni-only",
        },
      },
      [
        oneOf(
          "viewerCertificate.minimumProtocolVersion",
          ["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"],
          ["SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016", "TLSv1.2_2018", "TLSv1.2_2019"],
        ),
        oneOf("viewerCertificate.sslSupportMethod", ["sni-only"], ["vip", "static-ip"]),
        values("viewerCertificate.acmCertificateArn", [undefined, EMPTIED], [], { at: "viewerCertificate" }),
        values("viewerCertificate.cloudfrontDefaultCertificate", [true], [false], { at: "viewerCertificate" }),
        values("viewerCertificate", [undefined, EMPTIED]),
      ],
    ),
  ),
  proof(
    cfOriginTls,
    one(
      types.distribution,
      { origins: [{ customOriginConfig: { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] } }] },
      [
        oneOf("origins[0].customOriginConfig.originProtocolPolicy", ["https-only"], ["http-only", "match-viewer"]),
        values("origins[0].customOriginConfig.originSslProtocols[0]", ["SSLv3", "TLSv1", "TLSv1.1"], ["TLSv1.3"], {
          at: "origins[0].customOriginConfig.originSslProtocols",
        }),
      ],
    ),
    one(
      types.vpcOrigin,
      {
        vpcOriginEndpointConfig: {
          originProtocolPolicy: "https-only",
          originSslProtocols: { items: ["TLSv1.2"], quantity: 1 },
        },
      },
      [
        oneOf("vpcOriginEndpointConfig.originProtocolPolicy", ["https-only"], ["http-only", "match-viewer"]),
        values("vpcOriginEndpointConfig.originSslProtocols.items[0]", ["SSLv3", "TLSv1", "TLSv1.1"], [], {
          at: "vpcOriginEndpointConfig.originSslProtocols.items",
        }),
      ],
    ),
  ),
  proof(
    cfSecurityHeaders,
    one(
      types.distribution,
      {
        defaultCacheBehavior: { responseHeadersPolicyId: "p" },
        orderedCacheBehaviors: [{ responseHeadersPolicyId: "p" }],
      },
      [
        given("defaultCacheBehavior.responseHeadersPolicyId"),
        given("orderedCacheBehaviors[0].responseHeadersPolicyId"),
      ],
    ),
    one(
      types.responseHeadersPolicy,
      { securityHeadersConfig: { strictTransportSecurity: { accessControlMaxAgeSec: 31_536_000 } } },
      [
        values(
          "securityHeadersConfig.strictTransportSecurity.accessControlMaxAgeSec",
          [undefined, 0, 31_535_999],
          [63_072_000],
        ),
        values("securityHeadersConfig", [undefined, EMPTIED]),
      ],
    ),
  ),
  proof(
    auroraForceSsl,
    forcing("aurora-postgresql", "rds.force_ssl", "1", "0"),
    forcing("aurora-mysql", "require_secure_transport", "ON", "OFF"),
  ),
  proof(
    rdsProxyTls,
    one(types.dbProxy, { requireTls: true, auths: [{ iamAuth: "REQUIRED" }] }, [
      isTrue("requireTls"),
      oneOf("auths[0].iamAuth", ["REQUIRED", "ENABLED"], ["DISABLED"]),
      values("auths", [undefined, EMPTIED], [], { at: "defaultAuthScheme" }),
    ]),
  ),
  proof(s3SslOnly, ...sslOnly()),
  proof(
    sqsSnsSsl,
    policyOf("queue", types.queue, "queueUrl", types.queuePolicy, text("sqs:*")),
    policyOf("topic", types.topic, "arn", types.topicPolicy, text("sns:Publish")),
    ...[types.queue, types.topic].map((type) => one(type, { policy: text("*") }, policyBreaks("it"))),
  ),
  proof(
    ecsEfsTls,
    one(
      types.taskDefinition,
      { volumes: [{ efsVolumeConfiguration: { transitEncryption: "ENABLED", fileSystemId: "fs" } }] },
      [oneOf("volumes[0].efsVolumeConfiguration.transitEncryption", ["ENABLED"], ["DISABLED"])],
    ),
  ),
  proof(
    imdsv2,
    one([...types.launchTemplate, ...types.instance], { metadataOptions: { httpTokens: "required" } }, [
      oneOf("metadataOptions.httpTokens", ["required"], ["optional"]),
      atMostOrUnset("metadataOptions.httpPutResponseHopLimit", 2),
      values("metadataOptions", [undefined, EMPTIED], [{ httpEndpoint: "disabled" }]),
    ]),
    one(types.notebook, { instanceMetadataServiceConfiguration: { minimumInstanceMetadataServiceVersion: "2" } }, [
      oneOf("instanceMetadataServiceConfiguration.minimumInstanceMetadataServiceVersion", ["2"], ["1"]),
      values("instanceMetadataServiceConfiguration", [undefined, EMPTIED]),
    ]),
  ),
];

function forcing(engine: string, name: string, on: string, off: string): Case {
  const where = { on: "cluster", at: "dbClusterParameterGroupName" };
  return {
    resources: {
      parameters: {
        type: types.dbClusterParameterGroup,
        inputs: { family: "any", parameters: [{ name, value: on }] },
        breaks: [
          values("parameters[0].value", [undefined, off], [], where),
          values("parameters[0].name", [undefined, "other"], [], where),
          values("parameters", [undefined, EMPTIED], [], where),
        ],
      },
      cluster: {
        type: types.dbCluster,
        inputs: { engine, dbClusterParameterGroupName: "ours" },
        links: { dbClusterParameterGroupName: "parameters" },
        breaks: [values("dbClusterParameterGroupName", [undefined, EMPTIED, `default.${engine}`], ["from-elsewhere"])],
      },
    },
  };
}

function sslOnly(): Case[] {
  const beside = policyOf("bucket", types.bucket, "bucket", types.bucketPolicy, text("s3:*", contents));
  const resource: Break = values(
    "policy>Statement[0].Resource",
    [undefined, contents[0], contents[1], [contents[1]]],
    ["*"],
    {
      at: "policy",
    },
  );
  return [beside, one(types.bucket, { policy: text("s3:*", contents) }, [...policyBreaks("it"), resource])];
}
