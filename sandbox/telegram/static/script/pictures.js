// What a phone does to a picture before it is sent: measure a clip, make a photo smaller.

const LONGEST = 1280; // pixels; Telegram's clients reduce photos to this

/** Width and height in pixels, duration in seconds; nothing for what the browser cannot read. */
export function measured(file) {
  if (!file.type.startsWith("video/")) return Promise.resolve({});
  const video = document.createElement("video");
  const address = URL.createObjectURL(file);
  return new Promise((resolve) => {
    const done = (found) => {
      URL.revokeObjectURL(address);
      resolve(found);
    };
    video.addEventListener("loadedmetadata", () => done({
      width: video.videoWidth,
      height: video.videoHeight,
      duration: Number.isFinite(video.duration) ? Math.round(video.duration) : 0,
    }));
    video.addEventListener("error", () => done({}));
    video.preload = "metadata";
    video.src = address;
  });
}

/** A photo as JPEG, not larger than Telegram keeps it: {blob, width, height}. */
export async function reduced(file) {
  const image = await createImageBitmap(file).catch(() => {
    throw new Error(`${file.name} is no photo that this browser can read. Send it as a file.`);
  });
  const share = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(image.width * share));
  const height = Math.max(1, Math.round(image.height * share));
  const canvas = new OffscreenCanvas(width, height);
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#fff"; // JPEG knows no transparency
  brush.fillRect(0, 0, width, height);
  brush.drawImage(image, 0, 0, width, height);
  image.close();
  return { blob: await canvas.convertToBlob({ type: "image/jpeg", quality: 0.87 }), width, height };
}
