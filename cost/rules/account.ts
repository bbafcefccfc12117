import { list, block, type Rules, unpriced, use } from "../pricer";
import { product } from "../range";

/** What keeps an account safe. */
export const account: Rules = {
  "aws:cloudtrail/trail:Trail": ({ inputs }, { usage }) => {
    const selectors = [...list(inputs["eventSelectors"]), ...list(inputs["advancedEventSelectors"])].map(block);
    const readsData = selectors.some(
      (s) => list(s["dataResources"]).length > 0 || JSON.stringify(s).includes('"Data"'),
    );
    // The first trail's management events are free.
    return readsData
      ? [use("data events", "cloudTrail.dataEvents", product(usage.trail.thousandDataEvents, 1 / 100))]
      : [];
  },
  "aws:guardduty/detector:Detector": () => [
    unpriced("findings", "billed by events and GB analysed, of which no price is at hand"),
  ],
  "aws:cfg/recorder:Recorder": () => [
    unpriced("recorded changes", "billed by the change, of which no price is at hand"),
  ],
  "aws:securityhub/account:Account": () => [unpriced("checks", "billed by the check, of which no price is at hand")],
  "aws:macie2/account:Account": () => [unpriced("buckets", "no price at hand")],
  "aws:inspector2/enabler:Enabler": () => [unpriced("scans", "billed by the image and function, no price at hand")],
};
