// Makes photos smaller before they are sent; without this script they go as they are, up to the house's bound.
const MOST_SIDE = 1600; // pixels
const SMALL = 400_000; // bytes

const field = document.getElementById("id_files");
const told = document.getElementById("files_told");
const words = document.getElementById("files_words").dataset;

async function smaller(file) {
  if (!file.type.startsWith("image/") || (file.size <= SMALL && file.type !== "image/heic")) return file;
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, MOST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  return blob === null ? file : new File([blob], "foto.jpg", { type: "image/jpeg" });
}

field.addEventListener("change", async () => {
  const most = Number(field.dataset.most);
  if (field.files.length > most) {
    told.textContent = words.many;
    field.value = "";
    return;
  }
  const before = [...field.files];
  // A picture that this browser cannot draw goes as it is; the house says what it does not take.
  const after = await Promise.all(before.map((file) => smaller(file).catch(() => file)));
  if (after.every((file, index) => file === before[index])) {
    told.textContent = "";
    return;
  }
  const carrier = new DataTransfer();
  for (const file of after) carrier.items.add(file);
  field.files = carrier.files;
  told.textContent = words.ready;
});
