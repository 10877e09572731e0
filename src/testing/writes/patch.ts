import type { ServedResource } from '../catalog/registry.ts'
import { badRequest, unsupportedMediaType } from '../status.ts'
import { typeOf } from './field-type.ts'
import { applyJsonPatch } from './json-patch.ts'
import { isMap } from './json-value.ts'
import { applyMergePatch } from './merge-patch.ts'
import { unsupportedPatch } from './refusals.ts'
import { applyStrategicMerge } from './strategic-merge.ts'

const JSON_PATCH = 'application/json-patch+json'
const MERGE_PATCH = 'application/merge-patch+json'
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json'
const APPLY_PATCH = 'application/apply-patch+yaml'

type PatchKind = 'json' | 'merge' | 'strategic' | 'apply'

const KINDS: ReadonlyMap<string, PatchKind> = new Map([
  [JSON_PATCH, 'json'],
  [MERGE_PATCH, 'merge'],
  [STRATEGIC_PATCH, 'strategic'],
  [APPLY_PATCH, 'apply'],
])

/** @throws {ApiError} 415 for what the server does not know, or has not for custom resources */
export function patchKindOf(contentType: string | undefined, { isBuiltIn }: ServedResource): PatchKind {
  const kind = KINDS.get((contentType ?? '').split(';')[0]!.trim().toLowerCase())
  if (kind === undefined) throw unsupportedPatch()
  if (kind === 'strategic' && !isBuiltIn) throw unsupportedMediaType([JSON_PATCH, MERGE_PATCH, APPLY_PATCH])
  return kind
}

/**
 * Applies a patch to a copy of `target`.
 *
 * @throws {ApiError} 400 or 422 for one that cannot be applied
 */
export function applyPatch(
  kind: 'json' | 'merge' | 'strategic',
  target: object,
  patch: unknown,
  served: ServedResource,
): unknown {
  if (kind === 'json') return applyJsonPatch(target, patch)
  if (!isMap(patch)) {
    const type = Array.isArray(patch) ? 'array' : typeof patch
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${type} into Go value of type map[string]interface {}`,
    )
  }
  return kind === 'merge' ? applyMergePatch(target, patch) : applyStrategicMerge(target, patch, typeOf(served))
}
