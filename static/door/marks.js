/** Who was seen in a roll-call, and what does the server not know of yet? Pure: serials and answers in, marks out. */

/** kept: as given by toKeep(), or null for none. */
export function marksOf(kept, { openedAt, isDrill }) {
  let standing = new Map(kept?.standing ?? []); // serial to {at, by}, as the server told us
  const pending = new Map(kept?.pending ?? []); // serial to {at, by} that was seen here, or null that was taken back

  return {
    openedAt: kept?.openedAt ?? openedAt,
    isDrill: kept?.isDrill ?? isDrill,

    /** {at, by} of who was seen, or null. */
    of: (serial) => (pending.has(serial) ? pending.get(serial) : (standing.get(serial) ?? null)),

    see: (serial, at, by) => pending.set(serial, { at, by }),
    takeBack: (serial) => pending.set(serial, null),

    /** What to tell: only what was done here and was not heard yet, or marks would undo each other for ever. */
    toSend: () => ({
      serials: [...pending].filter(([, mark]) => mark).map(([serial]) => serial),
      taken_back: [...pending].filter(([, mark]) => !mark).map(([serial]) => serial),
    }),

    /** answered: the server's marks; sent: what toSend() had said. What was tapped meanwhile stays to be told. */
    take(answered, sent) {
      standing = new Map(answered.map(({ serial, seen_at, by }) => [serial, { at: Date.parse(seen_at), by }]));
      for (const serial of sent.serials) if (pending.get(serial)) pending.delete(serial);
      for (const serial of sent.taken_back) if (pending.get(serial) === null) pending.delete(serial);
    },

    toKeep() {
      return { openedAt: this.openedAt, isDrill: this.isDrill, standing: [...standing], pending: [...pending] };
    },
  };
}
