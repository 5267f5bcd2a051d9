/** How many of a group may come in by count? Pure: members, heads and answers in; sizes and words out. */

/** People of each age band, and adults. */
export function sizesOf(members) {
  const sizes = {};
  for (const { is_adult, age_band } of members) {
    const name = is_adult ? "adults" : age_band;
    sizes[name] = (sizes[name] ?? 0) + 1;
  }
  return sizes;
}

/** Names of what was counted beyond the group's size, with how many it has; none where the size is not known. */
export function beyond(sizes, { heads, adults }) {
  if (!sizes) return [];
  const counted = Object.entries({ ...heads, adults });
  return counted.filter(([name, count]) => count > (sizes[name] ?? 0)).map(([name]) => ({ name, has: sizes[name] ?? 0 }));
}

/** What the server did otherwise than the phone that counted with no network; "" where nothing. */
export function differenceOf({ surplus = {}, refused = [] }, heads) {
  const extra = Object.values(surplus).reduce((sum, count) => sum + count, 0);
  const parts = [];
  if (extra) parts.push(`${extra} of them have no ticket and stand in no roll-call.`);
  if (refused.length) parts.push(`${refused.length} should have waited: ${refused[0].message}`);
  return parts.length ? [`A group of ${heads} was counted in here with no network.`, ...parts, "Tell a supervisor."].join(" ") : "";
}
