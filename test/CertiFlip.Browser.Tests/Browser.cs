using System.Collections.Concurrent;
using System.Text.Json;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;

namespace CertiFlip.Browser.Tests;

/// <summary>
/// Debian's Chromium without a window. Tests skip where it is not installed. It is slow to start, so one that a test is
/// done with serves the next.
/// </summary>
internal sealed class Browser : IDisposable
{
    private const string Chromium = "/usr/bin/chromium", Driver = "/usr/bin/chromedriver";

    private static readonly ConcurrentBag<Browser> Idle = [];

    private readonly TestFolder _profile = new();
    private readonly ChromeDriver _driver;

    private Browser()
    {
        var options = new ChromeOptions { BinaryLocation = Chromium };
        options.AddArguments(
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--hide-scrollbars", $"--user-data-dir={_profile.Path}");
        options.SetLoggingPreference(LogType.Browser, LogLevel.All);
        options.SetLoggingPreference("performance", LogLevel.All);
        var service = ChromeDriverService.CreateDefaultService(Path.GetDirectoryName(Driver), Path.GetFileName(Driver));
        service.SuppressInitialDiagnosticInformation = true;
        _driver = new ChromeDriver(service, options, TimeSpan.FromMinutes(2));
    }

    public ChromeDriver Page => _driver;

    /// <summary>What scripts and the policy complained about.</summary>
    public IEnumerable<string> Complaints => _driver.Manage().Logs.GetLog(LogType.Browser).Select(entry => entry.Message);

    /// <summary>Addresses that the page asked for, itself first.</summary>
    public IEnumerable<string> Requests =>
        from entry in _driver.Manage().Logs.GetLog("performance")
        let message = JsonDocument.Parse(entry.Message).RootElement.GetProperty("message")
        where message.GetProperty("method").GetString() == "Network.requestWillBeSent"
        let request = message.GetProperty("params")
        where request.GetProperty("documentURL").GetString() == _driver.Url // The browser's own first page asks for much.
        let address = request.GetProperty("request").GetProperty("url").GetString()!
        where !address.StartsWith("data:", StringComparison.Ordinal)
        select address;

    /// <summary>Opens a page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="width">Width of the window in CSS pixels: a phone's is 360, and a zoom of 200 % halves it.</param>
    /// <param name="height">Its height.</param>
    /// <param name="media"><c>screen</c> or <c>print</c>.</param>
    /// <param name="preferences">What the reader prefers: names and values of media features.</param>
    public static Browser Open(
        string path, int width = 1000, int height = 1400, string media = "screen", params (string Name, string Value)[] preferences)
    {
        Assert.SkipUnless(
            File.Exists(Chromium) && File.Exists(Driver),
            "Chromium and its driver are not installed (Debian: apt-get install chromium chromium-driver).");
        if (!Idle.TryTake(out Browser? browser))
            browser = new Browser();
        _ = browser.Complaints.Count() + browser.Requests.Count(); // Those of another page.
        browser.Tell(
            "Emulation.setDeviceMetricsOverride",
            new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        object[] features =
        [
            .. preferences.Select(preference =>
                new Dictionary<string, object> { ["name"] = preference.Name, ["value"] = preference.Value }),
        ];
        browser.Tell("Emulation.setEmulatedMedia", new() { ["media"] = media, ["features"] = features });
        browser.Page.Navigate().GoToUrl(new Uri(path).AbsoluteUri);
        return browser;
    }

    public T Ask<T>(string script) => (T)_driver.ExecuteScript(script)!;

    public string Text(string selector) => _driver.FindElement(By.CssSelector(selector)).GetDomProperty("textContent")!;

    /// <summary>Keeps a picture where CERTIFLIP_SCREENSHOTS names a folder.</summary>
    public void Keep(string page, string name)
    {
        if (Environment.GetEnvironmentVariable("CERTIFLIP_SCREENSHOTS") is { Length: > 0 } folder)
            Page.GetScreenshot()
                .SaveAsFile(
                    Path.Combine(Directory.CreateDirectory(folder).FullName, $"{Path.GetFileNameWithoutExtension(page)}-{name}.png"));
    }

    public void Dispose()
    {
        _driver.Navigate().GoToUrl("about:blank");
        Idle.Add(this);
    }

    public static void QuitAll()
    {
        while (Idle.TryTake(out Browser? browser))
        {
            browser._driver.Quit();
            browser._driver.Dispose();
            browser._profile.Dispose();
        }
    }

    private void Tell(string command, Dictionary<string, object?> parameters) => _driver.ExecuteCdpCommand(command, parameters);
}
