// Generates a client from each OpenAPI document that is named: `generate.mjs nuki.json ...`.
import { createClient } from '@hey-api/openapi-ts';

const documents = process.argv.slice(2);
await createClient(documents.map((input) => ({
  input,
  output: { path: `src/${input.replace('.json', '')}` },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
  logs: { level: 'silent', file: false },
})));
