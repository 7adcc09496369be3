import { z } from 'zod';

const parsed = (text: string): unknown => JSON.parse(text);

/** A column that holds JSON of a given shape. */
export const json = <Schema extends z.ZodType>(schema: Schema) => z.string().transform(parsed).pipe(schema);
