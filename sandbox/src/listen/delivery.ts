import type { Answer, Exchange } from '../exchange.ts'

/** How an exchange ends on the wire: whole, cut off, stalled, with a wrong length, or not at all. */
export type Delivery =
  | { readonly kind: 'whole'; readonly answer: Answer }
  | { readonly kind: 'cut'; readonly answer: Answer; readonly afterBytes: number }
  | { readonly kind: 'stall'; readonly answer: Answer; readonly afterBytes: number }
  | { readonly kind: 'length'; readonly answer: Answer; readonly by: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' }

/** A handler whose answer may be spoilt on its way. */
export type Deliver = (exchange: Exchange) => Promise<Delivery>
