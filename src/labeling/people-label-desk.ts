import { SluiceError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import {
  type LabelAnswer,
  type LabelDesk,
  type LabelQuestion,
  type LabelView,
  QUESTION_SECONDS,
} from '../ports/label-desk.ts';
import { LabelQuestions, type PriorOf, type Question, type QuestionParts } from './label-questions.ts';
import { type Decider, LabelSession } from './label-session.ts';
import type { Quality } from './light/quality-estimate.ts';

/** Answers between two estimates of the model's quality. */
const ESTIMATE_EVERY = 10;

export interface PeopleLabelDeskParts extends Omit<QuestionParts, 'person'> {
  readonly deciderOf: (name: string) => Decider;
  readonly clock: Pick<Clock, 'elapsed'>;
  /** Lets requests in that have arrived; nothing where it is left out. */
  readonly giveWay?: () => Promise<void>;
}

interface Person {
  readonly session: LabelSession;
  seenAt: number;
  /** What was answered last, until something else is done: an answer whose reply was lost comes again. */
  last: { readonly row: number; readonly answer: LabelAnswer; readonly labeledRows: number } | undefined;
}

/** The questions that are asked now, and what is known of them. */
interface Round {
  readonly questions: LabelQuestions;
  readonly people: Map<string, Person>;
  rowsRead: number;
  texts: number;
  isLoaded: boolean;
  isFinished: boolean;
  failure: unknown;
  usesModel: boolean;
  estimatedAt: number;
  quality: Quality | undefined;
}

/** Asks several people at once, whose answers teach one model. Calls wait for each other, but not for the table that is being read. */
export class PeopleLabelDesk implements LabelDesk {
  readonly #parts: PeopleLabelDeskParts;
  #round: Round | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: PeopleLabelDeskParts) {
    this.#parts = parts;
  }

  next(who: string, { again = false }: { readonly again?: boolean } = {}): Promise<LabelView> {
    return this.#inTurn(async () => {
      if (again && this.#round?.isFinished === true) this.#round = undefined;
      const round = this.#current();
      if (!round.isLoaded) return loadingView(round);
      const person = this.#personOf(round, who);
      await person.session.renew();
      return await this.#view(round, person, null);
    });
  }

  answer(
    who: string,
    { row, answer }: { readonly row: number; readonly answer: LabelAnswer },
  ): Promise<LabelView> {
    return this.#inTurn(async () => {
      const round = this.#loaded();
      const person = this.#personOf(round, who);
      const { session, last } = person;
      if (session.question?.row.id !== row) {
        if (last?.row === row && last.answer === answer)
          return await this.#view(round, person, last.labeledRows);
        throw new SluiceError(
          'LEASE_EXPIRED',
          'the message was given to the others before the answer arrived; nothing was labeled',
        );
      }
      const labeledRows = await session.answer(answer === 'skip' ? 'unsure' : answer);
      person.last = { row, answer, labeledRows };
      return await this.#view(round, person, labeledRows);
    });
  }

  undo(who: string): Promise<LabelView> {
    return this.#inTurn(async () => {
      const round = this.#loaded();
      const person = this.#personOf(round, who);
      person.last = undefined;
      if (!(await person.session.undo()))
        throw new SluiceError(
          'UNDO_REFUSED',
          'there is no answer to take back here; the page of the training data takes back older decisions',
        );
      return await this.#view(round, person, null);
    });
  }

  leave(who: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#round?.people.get(who)?.session.leave();
    });
  }

  /** Gives questions back whose people are gone. To be called every few seconds. */
  expire(): Promise<void> {
    return this.#inTurn(async () => {
      const oldest = this.#parts.clock.elapsed() - QUESTION_SECONDS;
      for (const { session, seenAt } of this.#round?.people.values() ?? [])
        if (seenAt < oldest) await session.leave();
    });
  }

  /**
   * Fits the model again, and estimates its quality, where there are enough new answers: for when an answer is on its way and its person
   * reads the next message. Others are served in between.
   */
  async learn(): Promise<void> {
    const folds = await this.#inTurn(async () => {
      const round = this.#round;
      if (round?.isLoaded !== true) return undefined;
      round.questions.learn();
      const { answers } = round.questions;
      if (Math.abs(answers - round.estimatedAt) < ESTIMATE_EVERY) return undefined;
      round.estimatedAt = answers;
      return { round, estimate: round.questions.estimate() };
    });
    if (folds === undefined) return;
    for (let isDone = false; !isDone; ) {
      await this.#parts.giveWay?.();
      isDone = await this.#inTurn(async () => {
        const step = folds.estimate.next();
        if (step.done === true) folds.round.quality = step.value;
        return step.done === true;
      });
    }
  }

  /** The round that is asked, or is being loaded. */
  #current(): Round {
    const { failure } = this.#round ?? {};
    if (failure !== undefined) {
      // The next call tries again.
      this.#round = undefined;
      throw failure;
    }
    this.#round ??= this.#begin();
    return this.#round;
  }

  #begin(): Round {
    const { priorOf, ...parts } = this.#parts;
    const noted: PriorOf | undefined =
      priorOf &&
      (async (rows) => {
        const priors = await priorOf(rows);
        if (priors.some((each) => each !== null)) round.usesModel = true;
        return priors;
      });
    const round: Round = {
      questions: new LabelQuestions({ ...parts, ...(noted === undefined ? {} : { priorOf: noted }) }),
      people: new Map(),
      ...{ rowsRead: 0, texts: 0, isLoaded: false, isFinished: false, failure: undefined, usesModel: false },
      ...{ estimatedAt: Number.NEGATIVE_INFINITY, quality: undefined },
    };
    const load = async () => {
      try {
        round.texts = await round.questions.load((rows) => {
          round.rowsRead = rows;
        });
        round.isLoaded = true;
      } catch (error) {
        round.failure = error;
      }
    };
    void load();
    return round;
  }

  #loaded(): Round {
    const round = this.#round;
    if (round?.isLoaded === true) return round;
    throw new SluiceError('LEASE_EXPIRED', 'the training data is read again; nothing was changed');
  }

  #personOf(round: Round, who: string): Person {
    const seenAt = this.#parts.clock.elapsed();
    const known = round.people.get(who);
    if (known !== undefined) {
      known.seenAt = seenAt;
      return known;
    }
    const session = new LabelSession({
      decider: this.#parts.deciderOf(who),
      questions: round.questions,
    });
    const person: Person = { session, seenAt, last: undefined };
    round.people.set(who, person);
    return person;
  }

  async #view(round: Round, { session }: Person, labeledRows: number | null): Promise<LabelView> {
    const question = await session.next();
    round.isFinished = question === undefined;
    const { questions, quality, rowsRead, texts } = round;
    const { mcc = 0, low = 0, high = 0 } = quality ?? {};
    return {
      ...{ phase: question === undefined ? 'finished' : 'asking', rowsRead, texts, labeledRows },
      question: question === undefined ? null : shown(question),
      given: session.given,
      answers: questions.answers,
      quality: quality === undefined ? null : { mcc, low, high },
      isSettled: questions.isSettled,
      usesModel: round.usesModel,
    };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

function loadingView({ rowsRead, usesModel }: Round): LabelView {
  return {
    ...{ phase: 'loading', rowsRead, texts: 0, question: null, labeledRows: null, given: 0, answers: 0 },
    ...{ quality: null, isSettled: false, usesModel },
  };
}

function shown({ row, reason, probability, ids, labeled }: Question): LabelQuestion {
  const { id, message, community, source } = row;
  return { row: id, message, community, source, reason, probability, rows: ids.length, labeled };
}
