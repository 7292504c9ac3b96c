// The rule of core/face_estimates.py far_above: enough pictures, and each of them on the line or above.
export function farAbove(estimates, line, frames) {
  return frames > 0 && estimates.length >= frames && estimates.every((one) => Number.isFinite(one) && one >= line);
}

// Why one picture does not count; "" when it does. `faces`: [{score, height}], height as a share of the picture's.
export function unfit(faces, brightness, rule) {
  if (brightness < rule.darkest) return "dark";
  const seen = faces.filter((one) => one.score >= rule.least_score);
  if (seen.length === 0) return "none";
  if (faces.length > 1) return "several";
  return seen[0].height < rule.least_face ? "far" : "";
}
