using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Options;

/// <summary>
/// certiflip.json: options of all commands. They become words of the command line, before it is understood, so that
/// they are parsed, checked and refused as if somebody had typed them. docs/configuration.md describes the file.
/// </summary>
internal sealed class Configuration
{
    /// <summary>The file that is read where it is in the current folder.</summary>
    public const string UsualName = "certiflip.json";

    /// <summary>The section whose settings all commands take that have such an option.</summary>
    public const string Common = "common";

    private const string SchemaKey = "$schema";
    private const int MostBytes = 1 << 20;

    private readonly string _path;
    private readonly bool _isFound;
    private readonly List<Setting> _settings = [];
    private readonly List<Setting> _used = [];

    private Configuration(string path, bool isFound) => (_path, _isFound) = (path, isFound);

    /// <summary>Another file than the usual one.</summary>
    public static Option<string> File() => new("--config")
    {
        Description = $"Take options from this file, where the command line does not have them. [default: {UsualName} in the current "
            + "folder, where there is one]",
        HelpName = "F",
        Recursive = true,
        CompletionSources = { Choices.PathOr(Choices.Path.File) },
    };

    /// <summary>Not even the usual one.</summary>
    public static Option<bool> None() => new("--no-config")
    {
        Description = $"Read no {UsualName}.",
        Recursive = true,
    };

    /// <summary>The names of the sections.</summary>
    /// <param name="root">All commands.</param>
    /// <param name="isConfigured">Whether a command can be configured.</param>
    public static IEnumerable<CommandNode> Sections(RootCommand root, Func<Command, bool> isConfigured) =>
        CommandNode.All(root).Where(node => node.Command is not RootCommand && !node.Subcommands.Any() && isConfigured(node.Command));

    /// <summary>Whether a file can set an option.</summary>
    public static bool CanSet(Option option) =>
        option is not System.CommandLine.Help.HelpOption and not VersionOption && option.Name is not ("--config" or "--no-config");

    /// <summary>The key of an option: its name without dashes.</summary>
    public static string KeyOf(Option option) => option.Name.TrimStart('-');

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isFound">
    /// Whether it lay in the current folder and nobody named it. Somebody else may have put it there: then it may name
    /// no file outside its folder where a command writes or looks for a secret.
    /// </param>
    /// <param name="sections">The commands that have sections.</param>
    /// <exception cref="UsageException">
    /// The file cannot be read, belongs to somebody else, or is no JSON; or something in it is not as it should be.
    /// </exception>
    public static Configuration Read(string path, bool isFound, IReadOnlyList<CommandNode> sections)
    {
        byte[] bytes;
        try
        {
            bytes = Load(path, isFound);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--config '{path}': {exception.Message}");
        }

        var configuration = new Configuration(path, isFound);
        try
        {
            configuration.Read(bytes.AsSpan()
                .StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes, sections);
        }
        catch (JsonException exception)
        {
            throw new UsageException(
                $"{path}:{exception.LineNumber + 1}: this is no JSON: {exception.Message.Split(" LineNumber:")[0]}");
        }
        catch (InvalidOperationException exception)
        {
            // A text whose letters no encoding has.
            throw new UsageException($"{path}: this is no JSON in UTF-8: {exception.Message}");
        }

        return configuration;
    }

    /// <summary>The command line with the settings that it does not have itself.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="parsed">The same, understood.</param>
    public IReadOnlyList<string> AddTo(IReadOnlyList<string> arguments, ParseResult parsed)
    {
        CommandNode node = CommandNode.All((RootCommand)parsed.RootCommandResult.Command)
            .Single(node => node.Command == parsed.CommandResult.Command);
        List<string> added = [];
        foreach (Option option in node.Options.Where(option => CanSet(option) && !CommandOptions.IsGiven(parsed, option)))
        {
            Setting? setting = Find(node.Name, KeyOf(option)) ?? Find(Common, KeyOf(option));
            if (setting is null || setting.Values is ["false"] && CommandNode.IsSwitch(option))
                continue;
            CheckPlace(option, setting);
            string[] words = [.. WordsOf(option, setting)];
            added.AddRange(words);
            _used.Add(setting with { Option = option.Name, Words = words });
        }

        int end = arguments.ToList().IndexOf("--") is var at and >= 0 ? at : arguments.Count;
        return [.. arguments.Take(end), .. added, .. arguments.Skip(end)];
    }

    /// <summary>What was added; null where nothing was.</summary>
    public UsedConfiguration? Used =>
        _used.Count == 0 ? null : new UsedConfiguration(_path, [.. _used.SelectMany(setting => setting.Words)]);

    /// <summary>A message about an option with its line, where the option comes from the file.</summary>
    public string Located(string message) =>
        _used.FirstOrDefault(setting => message.StartsWith($"{setting.Option} ", StringComparison.Ordinal)
            || message.Contains($"'{setting.Option}'", StringComparison.Ordinal)) is { } guilty
            ? $"{_path}:{guilty.Line}: {message}"
            : message;

    /// <summary>The content of an ordinary file. To open anything else may wait for ever, or have no end.</summary>
    private static byte[] Load(string path, bool isFound)
    {
        if (path.Length == 0)
            throw new UsageException("--config '': expected the name of a file.");
        string real = RealPath.Of(path);
        string? kind = FileKind.Special(real) ?? (System.IO.File.Exists(path) && !System.IO.File.Exists(real) ? "a pipe" : null);
        if (kind is not null)
            throw new UsageException($"--config '{path}': this is {kind}; expected an ordinary file.");
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (isFound && !FileKind.IsOwn(path, file.SafeFileHandle))
        {
            throw new UsageException(
                $"{path}: this file belongs to another user, and nobody named it; --config {path} takes it, and --no-config passes over "
                + "it.");
        }

        if (file.Length > MostBytes)
            throw new UsageException($"--config '{path}': this file has {file.Length} bytes; expected at most {MostBytes}.");
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Whether a file that nobody named may set an option so.</summary>
    private void CheckPlace(Option option, Setting setting)
    {
        Choices choices = Choices.Of(option);
        if (!_isFound || !choices.IsGuarded)
            return;
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(_path))!;
        foreach (string value in setting.Values)
        {
            if (choices.Words.Contains(value) || OutputFiles.NamesStandardOutput(value))
                continue;
            string what = "leads out of the folder of this file, which nobody named";
            try
            {
                if (RealPath.IsWithin(folder, System.IO.Path.Combine(folder, value)))
                    continue;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                what = $"cannot be followed ({exception.Message.TrimEnd('.')})";
            }

            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture,
                $"{_path}:{setting.Line}: {setting.Section}: {setting.Key} is '{value}', which {what}; name it with --config {_path}."));
        }
    }

    private Setting? Find(string section, string key) =>
        _settings.FirstOrDefault(setting => setting.Section == section && setting.Key == key);

    private IEnumerable<string> WordsOf(Option option, Setting setting)
    {
        if (CommandNode.IsSwitch(option) || (option.Arity.MinimumNumberOfValues == 0 && setting.Values is ["true"]))
            return [option.Name];
        Choices choices = Choices.Of(option);
        IEnumerable<string> values = setting.Values.Select(value => PlaceOf(value, choices));
        if (setting.Values.Count > 1 && !CommandNode.IsRepeated(option))
            values = [string.Join(',', values)];
        return values.Select(value => $"{option.Name}={value}");
    }

    /// <summary>A path is meant from where the file is.</summary>
    private string PlaceOf(string value, Choices choices)
    {
        string folder = System.IO.Path.GetDirectoryName(_path) ?? "";
        string moved = System.IO.Path.Combine(folder, value);
        bool isPath = choices.Place switch
        {
            Choices.Path.File or Choices.Path.Folder => !choices.Words.Contains(value) && !OutputFiles.NamesStandardOutput(value),
            Choices.Path.PerhapsFile => System.IO.Path.Exists(NamedPart.Of(moved).Path),
            Choices.Path.No => false,
            _ => throw new ArgumentOutOfRangeException(nameof(choices), choices.Place, null),
        };
        return isPath && folder.Length > 0 ? moved : value;
    }

    private void Read(ReadOnlySpan<byte> json, IReadOnlyList<CommandNode> sections)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Disallow });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Wrong(json, reader, "", "expected an object with a section for each command, such as {\"certify\": {\"noise\": 0.2}}");
        HashSet<string> seen = [];
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!seen.Add(name))
                throw Wrong(json, reader, "", $"'{name}' is there twice; put its settings together");
            if (name == SchemaKey)
            {
                if (Next(ref reader) != JsonTokenType.String)
                    throw Wrong(json, reader, "", $"{SchemaKey} is {Shown(reader)}; expected a text");
                continue;
            }

            Option[] options = name == Common
                ? [.. sections.SelectMany(node => node.Options)]
                : [.. sections.Where(node => node.Name == name).SelectMany(node => node.Options)];
            if (options.Length == 0)
            {
                throw Wrong(
                    json, reader, "",
                    $"'{name}' is no section; expected {Common} or a command: {string.Join(", ", sections.Select(node => node.Name))}");
            }

            if (Next(ref reader) != JsonTokenType.StartObject)
                throw Wrong(json, reader, "", $"{name} is {Shown(reader)}; expected an object of options");
            ReadSection(json, ref reader, name, [.. options.Where(CanSet)]);
        }

        reader.Read();
    }

    private void ReadSection(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, string section, IReadOnlyList<Option> options)
    {
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            int line = LineOf(json, reader);
            if (Find(section, key) is not null)
                throw Wrong(json, reader, section, $"{key} is there twice; leave one out");
            Option option = options.FirstOrDefault(option => KeyOf(option) == key)
                ?? throw Wrong(json, reader, section,
                    $"'{key}' is not an "
                    + $"option{(section == Common ? " of any command" : $" of certiflip {section}")}{Similar(key, options)}");
            List<string> values = [];
            if (Next(ref reader) == JsonTokenType.StartArray)
            {
                if (!CommandNode.IsList(option) && !CommandNode.IsRepeated(option))
                    throw Wrong(json, reader, section, $"{key} is a list; expected one value");
                while (Next(ref reader) != JsonTokenType.EndArray)
                {
                    string value = ValueOf(json, reader, section, key, option);
                    if (value.Contains(',') && !CommandNode.IsRepeated(option))
                        throw Wrong(json, reader, section, $"{key} has '{value}'; no comma can stand in what is separated by commas");
                    values.Add(value);
                }

                if (values.Count == 0)
                    throw Wrong(json, reader, section, $"{key} is an empty list; leave it out");
            }
            else
            {
                values.Add(ValueOf(json, reader, section, key, option));
            }

            _settings.Add(new Setting(section, key, values, line));
        }
    }

    private string ValueOf(ReadOnlySpan<byte> json, Utf8JsonReader reader, string section, string key, Option option)
    {
        Type type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        bool isNumber = type == typeof(int) || type == typeof(double) || type == typeof(ulong);
        bool isText = type == typeof(string) && !CommandNode.IsList(option);
        string expected = CommandNode.IsSwitch(option) ? "true or false" : isNumber ? "a number" : isText ? "a text" : "a text or a number";
        bool fits = reader.TokenType switch
        {
            JsonTokenType.True or JsonTokenType.False => CommandNode.IsSwitch(option)
                || (option.Arity.MinimumNumberOfValues == 0 && reader.TokenType == JsonTokenType.True),
            JsonTokenType.Number => !CommandNode.IsSwitch(option) && !isText,
            JsonTokenType.String => !CommandNode.IsSwitch(option) && !isNumber,
            _ => false,
        };
        if (!fits)
            throw Wrong(json, reader, section, $"{key} is {Shown(reader)}; expected {expected}");
        return reader.TokenType == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType;
    }

    private static string Shown(Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => $"the text \"{reader.GetString()}\"",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        _ => Encoding.UTF8.GetString(reader.ValueSpan),
    };

    private static int LineOf(ReadOnlySpan<byte> json, Utf8JsonReader reader) => json[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1;

    private static string Similar(string key, IReadOnlyList<Option> options)
    {
        string plain = key.TrimStart('-').Replace('_', '-').ToLowerInvariant();
        string[] near = [.. options.Select(KeyOf).Distinct().Where(name => name == plain || Distance(name, plain) <= 2)
            .Order(StringComparer.Ordinal)];
        return near.Length == 0 ? "" : $"; did you mean {string.Join(" or ", near)}?";
    }

    /// <summary>How many letters have to be put in, taken out or changed.</summary>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        foreach ((int at, char letter) in one.Index())
        {
            int diagonal = row[0];
            row[0] = at + 1;
            for (int j = 1; j <= other.Length; j++)
            {
                int changed = diagonal + (letter == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    private UsageException Wrong(ReadOnlySpan<byte> json, Utf8JsonReader reader, string section, string what) =>
        new(string.Create(
            CultureInfo.InvariantCulture,
            $"{_path}:{LineOf(json, reader)}: {(section.Length > 0 ? $"{section}: " : "")}{what}{(what.EndsWith('?') ? "" : ".")}"));

    /// <summary>What the file says of an option.</summary>
    /// <param name="Section">Of which command.</param>
    /// <param name="Key">The option's name without dashes.</param>
    /// <param name="Values">The values as they would be written.</param>
    /// <param name="Line">The line, from 1.</param>
    private sealed record Setting(string Section, string Key, IReadOnlyList<string> Values, int Line)
    {
        public string Option { get; init; } = "";

        public IReadOnlyList<string> Words { get; init; } = [];
    }
}
