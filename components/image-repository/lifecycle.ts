/** What of an image repository expires. */
export interface ImageLifecycle {
  /** Tagged images to keep, the newest ones. */
  readonly keepImages: number;
  /** Days until an untagged image expires. */
  readonly untaggedDays: number;
}

/**
 * The repository's lifecycle policy. Text, since the provider's typed document has no `tagPatternList`.
 *
 * The count is over tagged images: `any` would count the untagged parts of a multi-architecture image against the number
 * to keep. `*` takes every tag, since a pattern cannot say "40 hexadecimal digits" and nothing but SHAs is pushed.
 * AWS: ECR user guide, "Lifecycle policy properties": rules apply in the order of their priority, one per image.
 */
export function imageLifecycle({ keepImages, untaggedDays }: ImageLifecycle): string {
  return JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: `Untagged images expire after ${untaggedDays} days`,
        selection: {
          tagStatus: "untagged",
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: untaggedDays,
        },
        action: { type: "expire" },
      },
      {
        rulePriority: 2,
        description: `The newest ${keepImages} tagged images stay`,
        selection: {
          tagStatus: "tagged",
          tagPatternList: ["*"],
          countType: "imageCountMoreThan",
          countNumber: keepImages,
        },
        action: { type: "expire" },
      },
    ],
  });
}
