/** What the names of drafts begin with. */
export const draftPrefix = 'draft.';
/** What the names of view states begin with. */
export const viewStatePrefix = 'place.';
/** What the names of forms begin with. */
export const formPrefix = 'form.';
/** What the names of files begin with; expiry, size and id follow, so that none has to be read to be counted. */
export const filePrefix = 'file.';
