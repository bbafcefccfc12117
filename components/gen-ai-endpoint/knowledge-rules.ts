import type { Faults } from "../shared/check";
import type { Knowledge } from "./types";

/** AWS: Bedrock user guide, "Supported models for Knowledge Bases": numbers in a vector, the default first. */
const embeddings: Readonly<Record<string, readonly number[]>> = {
  "amazon.titan-embed-text-v2:0": [1024, 512, 256],
  "cohere.embed-english-v3": [1024],
  "cohere.embed-multilingual-v3": [1024],
};

/** The documents that may be asked for, with every default filled in. */
export type SettledKnowledge = Required<Knowledge>;

export function settleKnowledge(given: Knowledge | undefined, faults: Faults): SettledKnowledge | undefined {
  if (given === undefined) return undefined;
  const embeddingModel = given.embeddingModel ?? "amazon.titan-embed-text-v2:0";
  const sizes = embeddings[embeddingModel];
  const dimensions = given.dimensions ?? sizes?.[0] ?? 1024;
  if (sizes === undefined) {
    const cure = "set one of them, without the prefix of a profile";
    faults.add("bedrock.knowledge.embeddingModel", embeddingModel, Object.keys(embeddings).join(", "), cure);
  } else if (!sizes.includes(dimensions)) {
    faults.add("bedrock.knowledge.dimensions", dimensions, sizes.join(", "), `set one that ${embeddingModel} makes`);
  }
  // The whole bucket would put every table of the lake into answers.
  if (!/^[^/].*\/$/.test(given.prefix)) {
    const cure = "put the documents in a folder of their own and name it";
    faults.add("bedrock.knowledge.prefix", given.prefix, "a folder such as documents/", cure);
  }
  return { ...given, embeddingModel, dimensions };
}
