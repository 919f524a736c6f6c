using CertiFlip.Cli;
using CertiFlip.Cli.Output;
using Spectre.Console;

Console.SetOut(StandardStream.Output.Text());
Console.SetError(StandardStream.Error.Text());
IAnsiConsole status = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
int exitCode = await new CertiFlipCommand(AnsiConsole.Console, status).RunAsync(args);
if (StandardStream.Output is { HasLost: true, Failure: var reason })
    Console.Error.WriteLine($"certiflip: standard output cannot be written: {reason}");
bool isLost = StandardStream.Output.HasLost || StandardStream.Error.HasLost;
return exitCode == ExitCode.Done && isLost ? ExitCode.Failure : exitCode;
