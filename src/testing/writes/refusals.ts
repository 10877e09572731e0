import type { ApiError } from '../../api/errors.ts'
import type { Resource } from '../../api/resource.ts'
import { badRequest, conflict, failure, type FieldError, invalid } from '../status.ts'

/** Of a JSON patch whose operations cannot be carried out: apimachinery `NewGenericServerResponse` for 422. */
export function unprocessableRequest(): ApiError {
  return failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
}

export function unsupportedPatch(): ApiError {
  return failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
}

/** Of a method that a path does not have. */
export function noSuchMethod(): ApiError {
  return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
}

export function namespaceNotDeletable(name: string): ApiError {
  const message = `namespaces "${name}" is forbidden: this namespace may not be deleted`
  return failure(403, 'Forbidden', message, { name, kind: 'namespaces' })
}

export function namespaceTerminating(subject: Resource, name: string, namespace: string): ApiError {
  const { group, plural } = subject
  const title = `${plural}${group === '' ? '' : `.${group}`} "${name}"`
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`
  return failure(403, 'Forbidden', `${title} is forbidden: ${why}`, {
    name,
    ...(group === '' ? {} : { group }),
    kind: plural,
    causes: [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  })
}

/** `DeleteOptions.meta.k8s.io "" is invalid`, and so for the other kinds of options. */
export function invalidOptions(kind: string, field: string, type: FieldError['type'], message: string): ApiError {
  return invalid({ kind, group: 'meta.k8s.io' }, '', [{ field, type, message }])
}

export function requiredValue(resource: Resource, name: string, field: string): ApiError {
  return invalid(resource, name, [{ field, type: 'FieldValueRequired', message: 'Required value' }])
}

/** The version is Go's zero: a missing one and `"0"` are the same. */
export function versionRequired({ group, plural }: Resource, name: string): ApiError {
  const message = 'Invalid value: 0: must be specified for an update'
  return invalid({ kind: plural, group }, name, [
    { field: 'metadata.resourceVersion', type: 'FieldValueInvalid', message },
  ])
}

/** Of an update that is meant for another object of that key, or for one that is gone: then `found` is empty. */
export function otherUid(resource: Resource, key: string, given: string, found: string): ApiError {
  const why = `Precondition failed: UID in precondition: ${given}, UID in object meta: ${found}`
  const path = `/registry/${resource.plural}/${key}`
  const error = `StorageError: invalid object, Code: 4, Key: ${path}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`
  return conflict(resource, key.slice(key.indexOf('/') + 1), error)
}

/** Of an apply to an object that is no longer there. */
export function uidOfNothing(resource: Resource, name: string, uid: string): ApiError {
  return conflict(
    resource,
    name,
    `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
  )
}

/** Go finds such errors twice and says them once. */
export function immutable(resource: Resource, name: string, field: string, value: unknown): ApiError {
  const message = `Invalid value: ${JSON.stringify(value)}: field is immutable`
  return twice(invalid(resource, name, [{ field, type: 'FieldValueInvalid', message }]))
}

export function newFinalizers(resource: Resource, name: string, found: readonly string[]): ApiError {
  const list = found.map((finalizer) => JSON.stringify(finalizer)).join(', ')
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`
  return twice(invalid(resource, name, [{ field: 'metadata.finalizers', type: 'FieldValueForbidden', message }]))
}

function twice(error: ApiError): ApiError {
  const {
    code = 422,
    reason = '',
    message = '',
    details,
  } = error.body as {
    code?: number
    reason?: string
    message?: string
    details?: { causes?: object[] }
  }
  return failure(code, reason, message, {
    ...details,
    causes: [...(details?.causes ?? []), ...(details?.causes ?? [])],
  })
}

/** The kind in the body is not that of the path. */
export function wrongKind(
  resource: Resource,
  isBuiltIn: boolean,
  given: { apiVersion: string; kind: string; name: string },
): ApiError {
  const { apiVersion, kind, name } = given
  if (!isBuiltIn) {
    const error = {
      field: 'kind',
      type: 'FieldValueInvalid',
      message: `Invalid value: "${kind}": must be ${resource.kind}`,
    } as const
    return invalid({ kind, group: resource.group }, name, [error])
  }
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
  return badRequest(
    `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${resource.kind}: it is of ${apiVersion}, Kind=${kind}`,
  )
}
