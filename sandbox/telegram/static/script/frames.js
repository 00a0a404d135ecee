// The first picture of a clip. It is drawn once and the clip let go of: a browser has six
// connections for one server, and a video element can keep one for as long as it stands there.

const AT_ONCE = 2;
const PATIENCE = 15000; // milliseconds

const waiting = [];
let busy = 0;

/** Draw it on `canvas`. `known` hears width, height and seconds, `failed` that there is none. */
export function drawFirstFrame(canvas, address, known, failed) {
  waiting.push(() => draw(canvas, address, known).catch(failed));
  next();
}

async function next() {
  if (busy === AT_ONCE || !waiting.length) return;
  busy += 1;
  await waiting.shift()();
  busy -= 1;
  next();
}

async function draw(canvas, address, known) {
  const video = document.createElement("video");
  Object.assign(video, { muted: true, playsInline: true, preload: "auto", src: `${address}#t=0.1` });
  try {
    await loaded(video);
    if (!video.videoWidth) throw new Error("no picture in it");
    Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
    canvas.getContext("2d").drawImage(video, 0, 0);
    known(video.videoWidth, video.videoHeight, video.duration);
  } finally {
    video.removeAttribute("src");
    video.load();
  }
}

function loaded(video) {
  return new Promise((resolve, reject) => {
    video.addEventListener("loadeddata", resolve);
    video.addEventListener("error", () => reject(new Error("cannot be played")));
    setTimeout(() => reject(new Error("takes too long")), PATIENCE);
  });
}
