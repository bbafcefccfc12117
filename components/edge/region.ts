/** CloudFront is run from here: its certificate, web ACL, log delivery and metrics exist in no other region. */
export const edgeRegion = "us-east-1";
