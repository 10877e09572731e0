import type { CustomVersion, PrinterColumn } from '../catalog/registry.ts'
import { sortedJson } from '../encoding/go-text.ts'
import { CUSTOM_AGE, CUSTOM_NAME } from './columns.ts'
import { ageOf } from './human-duration.ts'
import { firstAt, parseJsonPath } from './json-path.ts'
import type { Column } from './printed-row.ts'
import type { TablePrinter } from './printers.ts'

/**
 * How a custom resource is shown: its name, then the `additionalPrinterColumns` of its definition, or its age
 * where there are none (apiextensions-apiserver `pkg/registry/customresource/tableconvertor`).
 */
export function customPrinter(definition: CustomVersion | undefined): TablePrinter {
  const given = definition?.additionalPrinterColumns ?? []
  if (given.length === 0) {
    return {
      columns: [CUSTOM_NAME, CUSTOM_AGE],
      print: ({ metadata }, now) => ({ cells: [metadata.name ?? '', ageOf(metadata.creationTimestamp, now)] }),
    }
  }
  const columns = given.map((column) => ({ type: column.type, path: parseJsonPath(column.jsonPath) }))
  return {
    columns: [CUSTOM_NAME, ...given.map(columnOf)],
    print: (object, now) => {
      const cells = columns.map(({ type, path }) =>
        path === undefined ? null : cellOf(type, firstAt(object, path), now),
      )
      return { cells: [object.metadata.name ?? '', ...cells] }
    },
  }
}

function columnOf({ name, type, format = '', description = '', priority = 0, jsonPath }: PrinterColumn): Column {
  const text = description || `Custom resource definition column (in JSONPath format): ${jsonPath}`
  return { name, type, format, description: text, priority }
}

/** A value of another type than its column's is not shown. */
function cellOf(type: string, value: unknown, now: number): unknown {
  if (value === undefined || value === null) return type === 'string' && value === null ? '<nil>' : null
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null
    case 'number':
      return typeof value === 'number' ? value : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? ageOf(value, now) : '<invalid>'
    default:
      return typeof value === 'string' ? value : sortedJson(value)
  }
}
