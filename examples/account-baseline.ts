import { AccountBaseline } from "../components/index";

const baseline = new AccountBaseline("baseline", { guardDuty: true });

export const findings = baseline.analyzerArn;
