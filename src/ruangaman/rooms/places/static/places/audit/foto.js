// A photo is drawn anew before it is kept: nothing of place, phone or maker is in what a canvas writes.

const MOST_SIDE = 1280;
const LOW = 20 * 1024 * 1024;

/** A JPEG of at most 1280 px, upright. Throws when the file is no picture. */
export async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, MOST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const ground = canvas.getContext("2d");
  ground.fillStyle = "#fff";
  ground.fillRect(0, 0, canvas.width, canvas.height);
  ground.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("canvas"))), "image/jpeg", 0.8);
  });
}

/** Whether little space is left on this phone, as far as the browser tells. */
export async function low() {
  const told = await navigator.storage?.estimate?.().catch(() => null);
  return Boolean(told?.quota) && told.quota - told.usage < LOW;
}
