import { ImageRepository, Key } from "../components/index";

const key = new Key("key", { services: [], keep: true });
const images = new ImageRepository("api-images", { keyArn: key.arn, keep: true, keepImages: 100 });

export const imageUrl = images.url;
