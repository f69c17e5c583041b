import {
  type Expression,
  type List,
  NAMESPACE,
  type Operand,
} from '../../src/dataverse/query/expression.ts'

/** Writes an expression as the text of a `$filter`; parsing it gives the same expression. */
export function printFilter(expression: Expression): string {
  switch (expression.kind) {
    case 'compare':
      return `${printOperand(expression.left)} ${expression.operator} ${printOperand(expression.right)}`
    case 'and':
    case 'or':
      return `(${printFilter(expression.left)}) ${expression.kind} (${printFilter(expression.right)})`
    case 'not':
      return `not (${printFilter(expression.inner)})`
    case 'text':
      return `${expression.name}(${printOperand(expression.subject)},${printOperand(expression.search)})`
    case 'function':
      return `${NAMESPACE}${expression.name}(${[...expression.parameters]
        .map(([name, value]) => `${name}=${printOperand(value)}`)
        .join(',')})`
    case 'lambda': {
      const { path, quantifier, variable, body } = expression
      const inner = body && variable ? `${variable}:${printFilter(body)}` : ''
      return `${path.join('/')}/${quantifier}(${inner})`
    }
  }
}

function printOperand(operand: Operand | List): string {
  switch (operand.kind) {
    case 'string':
      return `'${operand.value.replaceAll("'", "''")}'`
    case 'number':
    case 'time':
    case 'date':
      return operand.text
    case 'boolean':
      return String(operand.value)
    case 'null':
      return 'null'
    case 'guid':
      return operand.value
    case 'enum':
      return `${operand.type}'${operand.value.replaceAll("'", "''")}'`
    case 'path':
      return operand.segments.join('/')
    case 'alias':
      return operand.name
    case 'list':
      return JSON.stringify(operand.items)
  }
}
