import type { APIRoute } from 'astro';
import { figuresFile } from './_csv.ts';

export const GET: APIRoute = (context) => figuresFile(context);
