declare module "asl-validator" {
  /** Whether a definition is valid Amazon States Language, and what is wrong with it otherwise. */
  export default function validate(definition: object): {
    readonly isValid: boolean;
    readonly errorsText: () => string;
  };
}
