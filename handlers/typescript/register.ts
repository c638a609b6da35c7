/** Registers all handlers with Tasker's worker. */

import { type HandlerRegistry, StepHandler } from '@tasker-systems/tasker';

import * as ecommerce from './post_01_ecommerce/index.js';
import * as dataPipeline from './post_02_data_pipeline/index.js';
import * as microservices from './post_03_microservices_coordination/index.js';
import * as teamScaling from './post_04_team_scaling/index.js';

type HandlerClass = Parameters<HandlerRegistry['register']>[1];

/** Looks through what the posts export, and returns the names of the handlers that are there. */
export function registerAll(registry: HandlerRegistry): string[] {
  for (const post of [ecommerce, dataPipeline, microservices, teamScaling]) {
    for (const exported of Object.values(post)) {
      if (isHandler(exported)) {
        registry.register(exported.handlerName, exported);
      }
    }
  }
  return registry.listHandlers();
}

function isHandler(exported: unknown): exported is HandlerClass {
  return typeof exported === 'function' && exported.prototype instanceof StepHandler;
}
