using CertiFlip.Cli;
using Spectre.Console;

IAnsiConsole status = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
return await new CertiFlipCommand(AnsiConsole.Console, status).RunAsync(args);
