/** The parts of a field's path. Arrays are crossed without a part of their own. */
export type OmittedPath = readonly string[]

/** Not a property: the objects are the user's, to be compared, printed and sent. */
const omitted = new WeakMap<object, readonly OmittedPath[]>()

/** Notes by which paths an object may lack something of an array; nothing for undefined. */
export function noteOmitted(object: object, paths: readonly OmittedPath[] | undefined): void {
  if (paths !== undefined) omitted.set(object, paths)
}

/** What was noted of the object itself: a copy that somebody else has made is another one. */
export function omittedOf(object: object): readonly OmittedPath[] | undefined {
  return omitted.get(object)
}
