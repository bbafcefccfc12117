import type * as expressions from "@actions/expressions" with { "resolution-mode": "import" };

export function load(): Promise<typeof expressions>;
