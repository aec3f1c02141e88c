import type { APIRoute } from 'astro';
import { figuresFile } from '../../../figures/_csv.ts';

export const GET: APIRoute = (context) => figuresFile(context, context.params.key ?? '');
