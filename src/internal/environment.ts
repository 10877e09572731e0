/**
 * Whether shared objects are frozen, so that a write into one fails where it is made. Freezing costs
 * about as much as decoding, so production, as `NODE_ENV` says it, goes without.
 */
export const freezesSharedObjects: boolean = process.env['NODE_ENV'] !== 'production'
