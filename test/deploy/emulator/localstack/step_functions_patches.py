"""Mistakes of LocalStack 4.13.1's Step Functions that no test could work round."""


def apply():
    each_attempt_has_its_own_token()
    a_stop_ends_waiting_tasks()
    errors_of_branches_keep_their_name()
    lost_connections_are_made_again()
    executions_that_start_hear_no_answers()
    what_is_stopped_calls_nobody()


def each_attempt_has_its_own_token():
    """A Retry of a state that waits for its token used the first attempt's token, with the answer that it had got."""
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.resource import (
        ResourceCondition,
    )
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.state_task_service import (
        StateTaskService,
    )
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.state_task_service_callback import (
        StateTaskServiceCallback,
    )

    evaluate = StateTaskService._eval_execution

    def _eval_execution(self, env):
        if (
            isinstance(self, StateTaskServiceCallback)
            and self.resource.condition == ResourceCondition.WaitForTaskToken
        ):
            env.callback_pool_manager.add(env.states.context_object.update_task_token())
        return evaluate(self, env)

    StateTaskService._eval_execution = _eval_execution


def a_stop_ends_waiting_tasks():
    """StopExecution left states that wait for their token waiting, and with them the execution RUNNING."""
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.state_task_service_callback import (
        StateTaskServiceCallback,
    )
    from localstack.services.stepfunctions.asl.eval.callback.callback import (
        CallbackOutcomeSuccess,
        CallbackOutcomeTimedOut,
    )
    from localstack.services.stepfunctions.backend.execution_worker import ExecutionWorker

    stop = ExecutionWorker.stop
    wait = StateTaskServiceCallback._eval_wait_for_task_token

    def stop_and_wake(self, *args, **kwargs):
        stop(self, *args, **kwargs)
        for endpoint in list(self.env.callback_pool_manager._pool.values()):
            endpoint.interrupt_all()

    def _eval_wait_for_task_token(self, env, timeout_seconds, callback_endpoint, heartbeat_endpoint):
        outcome = wait(
            self,
            env=env,
            timeout_seconds=timeout_seconds,
            callback_endpoint=callback_endpoint,
            heartbeat_endpoint=heartbeat_endpoint,
        )
        if not env.is_running() and isinstance(outcome, CallbackOutcomeTimedOut):
            return CallbackOutcomeSuccess(callback_id=callback_endpoint.callback_id, output="null")
        return outcome

    ExecutionWorker.stop = stop_and_wake
    StateTaskServiceCallback._eval_wait_for_task_token = _eval_wait_for_task_token


def errors_of_branches_keep_their_name():
    """A branch that failed with a reserved error, as States.TaskFailed, failed its Parallel with one that no Catch can see."""
    from localstack.services.stepfunctions.asl.component.common.error_name.custom_error_name import CustomErrorName
    from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name import StatesErrorName
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_parallel import branches_decl

    def error_name_of(error_name):
        if error_name and error_name.startswith("States."):
            return StatesErrorName.from_name(error_name)
        return CustomErrorName(error_name=error_name)

    branches_decl.CustomErrorName = error_name_of


def lost_connections_are_made_again():
    """Under load a connection inside of LocalStack is closed now and then: the state failed with an error that no Catch can see."""
    from botocore.config import Config
    from localstack.services.stepfunctions.asl.utils import boto_client

    boto_client._BOTO_CLIENT_CONFIG = boto_client._BOTO_CLIENT_CONFIG.merge(Config(retries={"total_max_attempts": 3}))


def executions_that_start_hear_no_answers():
    """An answer to a token was an internal error as long as any other execution read its definition."""
    from localstack.services.stepfunctions.provider import ExecutionStatus, StepFunctionsProvider

    executions_of = StepFunctionsProvider._get_executions

    def _get_executions(self, context, execution_status=None):
        executions = executions_of(self, context, execution_status)
        if execution_status != ExecutionStatus.RUNNING:
            return executions
        return [execution for execution in executions if execution.exec_worker and execution.exec_worker.env]

    StepFunctionsProvider._get_executions = _get_executions


def what_is_stopped_calls_nobody():
    """What was stopped while it evaluated its arguments made the call, with those that it had so far, or failed for lack of them."""
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.state_task_service import (
        StateTaskService,
    )
    from localstack.services.stepfunctions.asl.eval.environment import Environment
    from localstack.services.stepfunctions.asl.eval.program_state import ProgramStopped

    class Stopped(Exception):
        pass

    fail = Environment.set_error

    def set_error(self, error):
        if not isinstance(self._program_state, ProgramStopped):
            fail(self, error)

    evaluate = StateTaskService._eval_execution
    parameters_of = StateTaskService._eval_parameters

    def _eval_parameters(self, env):
        parameters = parameters_of(self, env)
        if not env.is_running():
            raise Stopped()
        return parameters

    def _eval_execution(self, env):
        try:
            return evaluate(self, env)
        except Stopped:
            env.stack.append({})

    Environment.set_error = set_error
    StateTaskService._eval_parameters = _eval_parameters
    StateTaskService._eval_execution = _eval_execution
